import { Outlet } from '@tanstack/react-router';

export function DestinationLayout() {
  return <Outlet />;
}
