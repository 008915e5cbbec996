import './styles.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { mayRetry } from './api/calls.ts';
import { loadConfig } from './app/config.ts';
import { LateToasts } from './app/late-toasts.tsx';
import { laterStyles } from './app/later-styles.ts';
import { router } from './app/router.tsx';
import { cssVariables, schemeManager, theme } from './app/theme.ts';
import { Failed } from './ui/states.tsx';

/** How long an answer counts as new: pages that show one thing twice ask once. */
const FRESH_MS = 5_000;

/** Menus and drawers of the first page find their looks there: they are fetched once it has come. */
const LATER_MS = 400;

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: FRESH_MS, retry: mayRetry }, mutations: { retry: false } },
});

async function start(): Promise<void> {
  const element = document.querySelector('#root');
  if (element === null) throw new Error('The page has no #root');
  const root = createRoot(element);
  const themed = (content: React.ReactNode): React.ReactNode => (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={schemeManager}
        defaultColorScheme="auto"
      >
        {content}
      </MantineProvider>
    </StrictMode>
  );
  try {
    await loadConfig();
  } catch (error) {
    root.render(themed(<Failed what="Tributary" error={error} onRetry={() => location.reload()} />));
    return;
  }
  root.render(
    themed(
      <QueryClientProvider client={queries}>
        <LateToasts />
        <RouterProvider router={router} />
      </QueryClientProvider>,
    ),
  );
}

void start().then(() => setTimeout(() => void laterStyles(), LATER_MS));
