import { Page } from '../../ui/page.tsx';

export function DebuggerPage() {
  return <Page title="Debugger" />;
}
