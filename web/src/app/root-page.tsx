import { Outlet } from '@tanstack/react-router';

/** Around every page: nothing but the page. */
export function RootPage() {
  return <Outlet />;
}
