import { Page } from '../../ui/page.tsx';

export function NewSourcePage() {
  return <Page title="NewSource" />;
}
