import { Page } from '../../ui/page.tsx';

export function ChooserPage() {
  return <Page title="Chooser" />;
}
