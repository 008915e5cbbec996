import { Page } from '../../ui/page.tsx';

export function SourceInstallPage() {
  return <Page title="SourceInstall" />;
}
