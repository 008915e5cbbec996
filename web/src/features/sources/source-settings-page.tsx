import { Page } from '../../ui/page.tsx';

export function SourceSettingsPage() {
  return <Page title="SourceSettings" />;
}
