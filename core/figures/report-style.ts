import { type Colours, colours, type Theme } from './theme.ts';

function figureProperties(theme: Theme): string {
  const names = ['text', 'quiet', 'faint', 'grid', 'axis', 'missing', 'accent', 'threshold'] as const;
  const { series } = colours[theme];
  return [
    ...names.map((name: keyof Colours) => `--figure-${name}:${colours[theme][name]}`),
    ...series.map((colour, i) => `--figure-series-${i + 1}:${colour}`),
  ].join(';');
}

const light = `color-scheme:light;--bg:#fff;--bg-soft:#f8f9fb;--bg-deep:#e8ecf1;--line:#dde2e8;--line-2:#c4ccd6;--fg:#15191f;--fg-2:#3d4753;--fg-3:#596473;--accent:#0b5cad;--good:#0b6b4b;--good-soft:#dcf3ea;--open:#8a5200;--open-soft:#fcefd6;--bad:#b3261e;--bad-soft:#fce4e1;--info:#435063;--info-soft:#e6eaf0;${figureProperties('light')}`;
const dark = `color-scheme:dark;--bg:#13171c;--bg-soft:#191e25;--bg-deep:#222932;--line:#232a33;--line-2:#333c48;--fg:#e8ebef;--fg-2:#b4bcc8;--fg-3:#8d97a6;--accent:#6cb2ff;--good:#5fd0a5;--good-soft:#13332a;--open:#f0b455;--open-soft:#3a2c12;--bad:#ff8f7a;--bad-soft:#40201b;--info:#a8b7cc;--info-soft:#252d39;${figureProperties('dark')}`;

/** Panels that touch with one hairline, one accent colour, tabular figures; the values are those of the design. */
export const reportStyle = `
:root{${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/22px system-ui,-apple-system,"Segoe UI",Inter,"Noto Sans","DejaVu Sans",sans-serif;font-feature-settings:"tnum" 1}
header,main{max-width:1280px;margin:0 auto;padding:0 32px}
header{padding-top:40px;padding-bottom:24px}
h1{margin:0;font-size:32px;line-height:38px;font-weight:600;overflow-wrap:anywhere}
.summary{margin:4px 0 0;color:var(--fg-2)}
.facts{display:flex;flex-wrap:wrap;gap:8px 32px;margin:20px 0 0}
dt{font-size:12px;line-height:16px;color:var(--fg-3)}
dd{margin:0;overflow-wrap:anywhere}
section{border-top:1px solid var(--line-2);padding:16px 0 28px}
h2{margin:0 0 12px;font-size:18px;line-height:24px;font-weight:600}
h3{margin:0;font-size:13px;line-height:20px;font-weight:600}
h3 i{font-weight:400;color:var(--fg-3)}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(260px,1fr));gap:1px;background:var(--line);border:1px solid var(--line)}
.number{background:var(--bg);padding:14px 16px 16px}
.badges{margin:4px 0 8px}
.badge{display:inline-block;margin-right:6px;padding:0 7px;border-radius:3px;font-size:12px;line-height:20px;font-weight:400;background:var(--info-soft);color:var(--info);white-space:nowrap;vertical-align:middle}
.badge b{font-weight:600}
.badge.good{background:var(--good-soft);color:var(--good)}
.badge.open{background:var(--open-soft);color:var(--open)}
.badge.bad{background:var(--bad-soft);color:var(--bad)}
.value{margin:6px 0 2px;font-size:26px;line-height:32px;font-variant-numeric:tabular-nums}
.value small{font-size:15px;color:var(--fg-3);white-space:nowrap}
.value small span{font-size:12px}
.open .value{color:var(--fg-3)}
.meaning{margin:0;font-size:13px;line-height:20px;color:var(--fg-2)}
.warnings{border-top:2px solid var(--open)}
.warnings h2{color:var(--open)}
.warnings ul{margin:0;padding-left:20px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,520px),1fr));gap:1px;background:var(--line);border:1px solid var(--line)}
figure{margin:0;padding:8px 8px 16px;background:var(--bg);break-inside:avoid}
figure svg{display:block;max-width:100%;height:auto}
@media (min-width:1160px){
figure:last-child:nth-child(odd){grid-column:1/-1;display:grid;grid-template-columns:600px 1fr;gap:24px}
figure:last-child:nth-child(odd) figcaption{padding-top:20px}
}
figcaption{padding:4px 12px 0;font-size:13px;line-height:20px;color:var(--fg-2)}
figcaption p{margin:0 0 6px;max-width:75ch}
figcaption strong{color:var(--fg)}
.command,.missing{font-size:13px}
.command span{color:var(--fg-3)}
code,pre{font:12px/18px ui-monospace,"SF Mono","Cascadia Mono","JetBrains Mono","DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere}
code.line{background:var(--bg-soft);border:1px solid var(--line);border-radius:3px;padding:1px 5px}
pre{margin:4px 0;padding:10px 12px;background:var(--bg-soft);border:1px solid var(--line);overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
details summary{cursor:pointer;color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.missing{margin:12px 0 0;color:var(--fg-2)}
table{border-collapse:collapse;font-size:13px;line-height:20px;max-width:100%}
th,td{padding:3px 24px 3px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
thead th{color:var(--fg-3);font-size:12px}
tbody th{color:var(--fg-2);white-space:nowrap}
.numeric td,.numeric thead th+th{text-align:right;font-variant-numeric:tabular-nums}
.notes{margin:0 0 12px;padding:8px 12px 8px 28px;background:var(--info-soft);color:var(--info);font-size:13px;line-height:20px}
h3+table{margin-top:6px}
section>h3{margin-top:16px}
.quiet{color:var(--fg-3)}
@media print{
:root{${light}}
header,main{max-width:none;padding:0}
body{font-size:10pt;line-height:14pt}
.figures{display:block;background:none}
figure{border-bottom:1px solid var(--line)}
details{display:none}
tr,.number{break-inside:avoid}
}
`;
