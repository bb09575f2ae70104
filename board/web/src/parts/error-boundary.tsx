import { Component, type ReactNode } from 'react';
import { reportError } from '../telemetry/errors.ts';

interface ErrorBoundaryProps {
  readonly message: string;
  readonly children: ReactNode;
}

/** Shows a sentence where a page fell over, and sends the error as a log. React offers this as a class only. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state: { failed: boolean } = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    reportError(error, 'react');
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <p className="notice" role="alert">
        {this.props.message}
      </p>
    );
  }
}
