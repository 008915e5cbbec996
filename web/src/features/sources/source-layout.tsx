import { Outlet } from '@tanstack/react-router';

export function SourceLayout() {
  return <Outlet />;
}
