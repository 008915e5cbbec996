import { Page } from '../../ui/page.tsx';

export function NewWorkspacePage() {
  return <Page title="NewWorkspace" />;
}
