import type { Status } from '../linalg/result.ts';
import { type CriticalPointTable, criticalPointsSection } from './critical-points-section.ts';
import type { Figure, Reference } from './figure.ts';
import { html, type Markup, markup } from './html.ts';
import { certifiedText, numberText, subscript } from './number-text.ts';
import { pageSvg } from './page-svg.ts';
import { reportStyle } from './report-style.ts';

/** A number with its certificate and what it means. */
export interface KeyNumber {
  /** `Sharpness` */
  readonly name: string;
  /** `λ₁` */
  readonly symbol: string;
  readonly value: number;
  /** `residual`, `standard error` … and its size; null where the number is exact or nothing is known. */
  readonly uncertainty: { readonly kind: string; readonly size: number } | null;
  readonly status: Status | null;
  /** That it was computed in; null where it makes no difference. */
  readonly precision: 'float32' | 'float64' | null;
  /** One or two sentences; see edgeSentence. */
  readonly meaning: string;
}

export interface EigenvalueTable {
  /** Where, such as `step 2000`. */
  readonly where: string;
  /** Largest first. */
  readonly top: readonly ReportEigenvalue[];
  /** Most negative first. */
  readonly bottom: readonly ReportEigenvalue[];
  readonly status: Status;
  readonly command: string;
}

export interface ReportEigenvalue {
  readonly value: number;
  readonly residual: number;
  readonly errorEstimate: number;
}

/** What a spectrum says besides its eigenvalues. */
export interface SpectrumNotes {
  /** What must be read with it: what was found, and what is computed instead. */
  readonly notices: readonly { readonly found: string; readonly instead: string }[];
  /** Which eigenvalues cannot be told apart. */
  readonly subspaces: readonly string[];
  /** Name, estimate and interval of 95 %, how it was had. */
  readonly sums: readonly (readonly [name: string, value: string, how: string])[];
  readonly layers: readonly {
    readonly block: string;
    readonly size: number;
    readonly trace: ReportInterval;
    readonly share: string;
    readonly top: ReportEigenvalue | null;
  }[];
}

export interface ReportInterval {
  readonly value: number;
  /** Half of the interval of 95 %. */
  readonly half: number;
}

/** Everything that a report says: plain data, any text in it may be hostile. */
export interface ReportInput {
  readonly name: string;
  /** Program and version: `Saddlescope 0.1.0`. */
  readonly program: string;
  /** ISO 8601. */
  readonly date: string;
  /** `64–32–10, 50 890 parameters`: one line under the name; may be empty. */
  readonly summary: string;
  readonly engine: string;
  readonly precision: 'float32' | 'float64';
  readonly seed: number;
  readonly experimentHash: string;
  readonly keyNumbers: readonly KeyNumber[];
  /** In the order of reading; `svg` from the light theme. */
  readonly figures: readonly { readonly figure: Figure; readonly svg: string }[];
  /** Null where no spectrum was computed. */
  readonly eigenvalues: EigenvalueTable | null;
  /** Null where no spectrum was computed, or one of an earlier version. */
  readonly spectrum?: SpectrumNotes | null;
  /** One a search. */
  readonly criticalPoints?: readonly CriticalPointTable[];
  /** What is not there yet, and the command that makes it. */
  readonly missing: readonly { readonly what: string; readonly command: string }[];
  /** Where a picture misleads, one sentence each. */
  readonly warnings: readonly string[];
  /** How each part ended; `advice` says what to do. */
  readonly statuses: readonly { readonly what: string; readonly status: Status; readonly advice: string }[];
  /** Name and value, in the order of reading. */
  readonly provenance: readonly (readonly [string, string])[];
  /** As it was given. */
  readonly experimentYaml: string;
}

/**
 * One file that needs nothing else: no scripts, no requests, light and dark by the reader's setting, ready to print.
 * Every text is escaped; of the figures only what Vega writes is let through (see pageSvg).
 */
export function reportHtml(input: ReportInput): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="generator" content="${input.program}">
<title>${input.name} · ${input.program}</title>
<style>${markup(reportStyle)}</style>
</head>
<body>
${header(input)}
<main>
${input.keyNumbers.length > 0 ? keyNumbers(input) : ''}
${input.warnings.length > 0 ? warnings(input.warnings) : ''}
${input.figures.length + input.missing.length > 0 ? figures(input) : ''}
${input.eigenvalues ? eigenvalues(input.eigenvalues, input.spectrum ?? null) : ''}
${input.spectrum ? wholeSpectrum(input.spectrum) : ''}
${(input.criticalPoints ?? []).map((table, i) => criticalPointsSection(table, i + 1))}
${input.statuses.length > 0 ? statuses(input.statuses) : ''}
${provenance(input)}
</main>
</body>
</html>
`;
  return page.text;
}

function header({ name, summary, date, engine, precision, seed, experimentHash, program }: ReportInput): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ['Date', date.replace('T', ' ').replace(/(:\d\d)(?:\.\d+)?Z$/, '$1 UTC')],
    ['Engine', engine],
    ['Precision', precision],
    ['Seed', String(seed)],
    ['Experiment', experimentHash.slice(0, 12)],
    ['Made by', program],
  ];
  return html`<header>
<h1>${name}</h1>
${summary ? html`<p class="summary">${summary}</p>` : ''}
<dl class="facts">${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

function keyNumbers({ keyNumbers: numbers }: ReportInput): Markup {
  return html`<section aria-labelledby="key-numbers">
<h2 id="key-numbers">Key numbers</h2>
<div class="numbers">${numbers.map(keyNumber)}</div>
</section>`;
}

function keyNumber({ name, symbol, value, uncertainty, status, meaning, precision }: KeyNumber): Markup {
  const text = certifiedText(value, uncertainty?.size ?? null);
  const quiet = status !== null && !isDone(status) ? ' open' : '';
  return html`<article class="number${quiet}">
<h3>${name} <i>${symbol}</i></h3>
<p class="value">${text.value}${text.uncertainty === null ? '' : html` <small>± ${text.uncertainty}<span> ${uncertainty?.kind ?? ''}</span></small>`}</p>
<p class="badges">${status === null ? '' : badge(status)}${precision === 'float32' ? html`<span class="badge">float32 <b aria-hidden="true">≈</b></span>` : ''}</p>
<p class="meaning">${meaning}</p>
</article>`;
}

const isDone = (status: Status): boolean => status === 'converged' || status === 'invariantSubspace';

interface Badge {
  readonly word: string;
  readonly sign: string;
  readonly tone: 'good' | 'open' | 'bad';
}

const badges: Readonly<Record<Status, Badge>> = {
  converged: { word: 'converged', sign: '✓', tone: 'good' },
  invariantSubspace: { word: 'exact', sign: '✓', tone: 'good' },
  stagnated: { word: 'at the floor of the precision', sign: '≈', tone: 'open' },
  budgetSpent: { word: 'budget spent', sign: '◌', tone: 'open' },
  cancelled: { word: 'cancelled', sign: '◌', tone: 'open' },
  diverged: { word: 'diverged', sign: '✗', tone: 'bad' },
  notFinite: { word: 'not finite', sign: '✗', tone: 'bad' },
  notSymmetric: { word: 'not symmetric', sign: '✗', tone: 'bad' },
};

function badge(status: Status): Markup {
  const { word, sign, tone } = badges[status];
  return html`<span class="badge ${tone}">${word} <b aria-hidden="true">${sign}</b></span>`;
}

const warnings = (sentences: readonly string[]): Markup => html`<section aria-labelledby="warnings" class="warnings">
<h2 id="warnings">Where a picture misleads</h2>
<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
</section>`;

function figures({ figures: drawn, missing }: ReportInput): Markup {
  return html`<section aria-labelledby="figures">
<h2 id="figures">Figures</h2>
<div class="figures">${drawn.map(({ figure, svg }, i) => figureMarkup(figure, svg, i + 1))}</div>
${missing.map(({ what, command }) => html`<p class="missing">${what} Run <code class="line">${command}</code></p>`)}
</section>`;
}

function figureMarkup(figure: Figure, svg: string, number: number): Markup {
  return html`<figure id="${figure.id}">
${pageSvg(svg, { id: `figure-${number}`, title: figure.title, alternative: figure.alternative })}
<figcaption>
<p><strong>Figure ${number}. ${figure.title}.</strong> ${figure.caption}</p>
<p class="command"><span>Made by</span> <code class="line">${figure.command}</code></p>
${figure.references.length > 0 ? references(figure.references) : ''}
</figcaption>
</figure>`;
}

const references = (list: readonly Reference[]): Markup => html`<details>
<summary>${list.length === 1 ? 'Reference' : `${list.length} references`}</summary>
${list.map(({ text, bibtex }) => html`<p>${text}</p><pre>${bibtex}</pre>`)}
</details>`;

function eigenvalues({ where, top, bottom, status, command }: EigenvalueTable, notes: SpectrumNotes | null): Markup {
  const row =
    (name: string) =>
    ({ value, residual, errorEstimate }: ReportEigenvalue): Markup => {
      const text = certifiedText(value, errorEstimate);
      return html`<tr><th scope="row">${name}</th><td>${text.value}</td><td class="quiet">${text.uncertainty === null ? '' : `± ${text.uncertainty}`}</td><td class="quiet">${numberText(residual, 2)}</td></tr>`;
    };
  return html`<section aria-labelledby="eigenvalue-table">
<h2 id="eigenvalue-table">Eigenvalues, ${where} ${badge(status)}</h2>
${notes && notes.notices.length > 0 ? html`<ul class="notes">${notes.notices.map(({ found, instead }) => html`<li>${found} ${instead}</li>`)}</ul>` : ''}
<table class="numeric">
<thead><tr><th scope="col">#</th><th scope="col">λ</th><th scope="col">± estimated error r²/gap</th><th scope="col">residual r = ‖Hv − λv‖</th></tr></thead>
<tbody>${top.map((one, i) => row(`λ${subscript(i + 1)}`)(one))}${bottom.map((one, i) => row(`λ₋${subscript(i + 1)}`)(one))}</tbody>
</table>
${(notes?.subspaces ?? []).map((sentence) => html`<p class="meaning">${sentence}</p>`)}
<p class="command"><span>Made by</span> <code class="line">${command}</code></p>
</section>`;
}

/** Sums over the spectrum with their intervals, and the curvature of each block. */
function wholeSpectrum({ sums, layers }: SpectrumNotes): Markup {
  if (sums.length + layers.length === 0) return markup('');
  const certified = (value: number, size: number): Markup => {
    const text = certifiedText(value, size);
    return html`${text.value}${text.uncertainty === null ? '' : html` <span class="quiet">± ${text.uncertainty}</span>`}`;
  };
  return html`<section aria-labelledby="whole-spectrum">
<h2 id="whole-spectrum">Of the whole spectrum, with intervals of 95 %</h2>
${
  sums.length === 0
    ? ''
    : html`<table class="numeric"><thead><tr><th scope="col">Quantity</th><th scope="col">Estimate</th><th scope="col">How</th></tr></thead>
<tbody>${sums.map(([name, value, how]) => html`<tr><th scope="row">${name}</th><td>${value}</td><td class="quiet">${how}</td></tr>`)}</tbody></table>`
}
${
  layers.length === 0
    ? ''
    : html`<h3>Blocks of parameters</h3>
<table class="numeric"><thead><tr><th scope="col">Block</th><th scope="col">Size</th><th scope="col">Trace ± 95 %</th><th scope="col">Share</th><th scope="col">λ₁</th></tr></thead>
<tbody>${layers.map(({ block, size, trace, share, top }) => html`<tr><th scope="row">${block}</th><td>${size}</td><td>${certified(trace.value, trace.half)}</td><td>${share}</td><td>${top ? certified(top.value, top.errorEstimate) : '–'}</td></tr>`)}</tbody></table>`
}
</section>`;
}

const statuses = (list: ReportInput['statuses']): Markup => html`<section aria-labelledby="statuses">
<h2 id="statuses">How each part ended</h2>
<table>
<thead><tr><th scope="col">Part</th><th scope="col">Status</th><th scope="col">What it means</th></tr></thead>
<tbody>${list.map(({ what, status, advice }) => html`<tr><th scope="row">${what}</th><td>${badge(status)}</td><td>${advice}</td></tr>`)}</tbody>
</table>
</section>`;

function provenance({ provenance: rows, experimentYaml }: ReportInput): Markup {
  return html`<section aria-labelledby="provenance">
<h2 id="provenance">Provenance</h2>
<table>
<tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td><code>${value}</code></td></tr>`)}</tbody>
</table>
</section>
<section aria-labelledby="experiment">
<h2 id="experiment">Experiment</h2>
<pre>${experimentYaml}</pre>
</section>`;
}
