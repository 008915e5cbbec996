import { Page } from '../../ui/page.tsx';

export function OnTheWayPage() {
  return <Page title="OnTheWay" />;
}
