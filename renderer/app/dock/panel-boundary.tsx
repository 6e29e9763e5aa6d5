import { Component, type ErrorInfo, type ReactNode } from 'react';
import { bridge } from '../../client/bridge.ts';
import { Button } from '../../widgets/button.tsx';
import './panel-boundary.css';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}

/** A fault in one panel stays in this panel; its details go to the log, not to the screen. */
export class PanelBoundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(thrown: Error, { componentStack }: ErrorInfo) {
    void bridge.log(
      'error',
      `The panel ${this.props.title} failed. ${thrown.stack ?? thrown.message}${componentStack ?? ''}`,
    );
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="panel-boundary" role="alert">
        <p>
          The panel {this.props.title} could not be drawn. Your run is not touched by it; try again, and report it with
          the log if it comes back.
        </p>
        <div className="panel-boundary-actions">
          <Button onPress={() => void bridge.showLog()}>Show log</Button>
          <Button variant="primary" onPress={() => this.setState({ broken: false })}>
            Try again
          </Button>
        </div>
      </div>
    );
  }
}
