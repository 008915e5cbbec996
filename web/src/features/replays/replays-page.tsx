import { Page } from '../../ui/page.tsx';

export function ReplaysPage() {
  return <Page title="Replays" />;
}
