import { lazy, Suspense, useEffect, useState } from 'react';
import { onToast } from '../ui/toast.tsx';

const Notifications = lazy(async () => ({ default: (await import('@mantine/notifications')).Notifications }));

/** Where toasts appear, from the first on. */
export function LateToasts() {
  const [isWanted, setWanted] = useState(false);
  useEffect(() => onToast(() => setWanted(true)), []);
  return <Suspense fallback={null}>{isWanted && <Notifications position="bottom-right" />}</Suspense>;
}
