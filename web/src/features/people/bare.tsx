import { Box, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { Mark } from '../../app/mark.tsx';
import classes from './bare.module.css';

/** The frame of pages that are of no workspace: the mark, who is signed in (`account`), the page. */
export function Bare({
  account,
  wide = false,
  children,
}: {
  account?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <>
      <header className={classes.bar}>
        <Link to="/" className={classes.brand} aria-label="Tributary: your workspaces">
          <Mark size={24} />
          <span>Tributary</span>
        </Link>
        {account}
      </header>
      <main className={wide ? classes.wide : classes.narrow}>{children}</main>
    </>
  );
}

/** A title and a sentence, in the middle of a page that has one thing to do. Names the browser's tab. */
export function Lead({ title, children }: { title: string; children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Tributary`;
  }, [title]);
  return (
    <Box mb="lg">
      <Title order={1}>{title}</Title>
      {children !== undefined && (
        <Text size="sm" c="dimmed" mt={4} component="div">
          {children}
        </Text>
      )}
    </Box>
  );
}
