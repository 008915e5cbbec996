import { Outlet } from '@tanstack/react-router';

export function MeLayout() {
  return <Outlet />;
}
