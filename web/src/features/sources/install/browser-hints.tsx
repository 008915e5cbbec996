import { Stack, Text } from '@mantine/core';
import { appConfig } from '../../../app/config.ts';
import { Snippet } from '../../../ui/copy.tsx';
import { DocLink } from '../../../ui/states.tsx';
import classes from './install.module.css';

/** The Content Security Policy that a page needs for Analytics.js. */
export const cspFor = ({ cdnUrl, ingestUrl }: { cdnUrl: string; ingestUrl: string }): string =>
  `script-src ${cdnUrl};\nconnect-src ${cdnUrl} ${ingestUrl};`;

/** What else a website may need: its security policy, and a way around what blocks third parties. */
export function BrowserHints() {
  return (
    <Stack gap="sm">
      <details className={classes['hint']}>
        <summary>If your pages have a Content Security Policy</summary>
        <Text size="sm" c="dimmed" my={6}>
          Add these to it. The inline part of the snippet needs a nonce or its hash as well, or a place in a file of
          your own.
        </Text>
        <Snippet code={cspFor(appConfig())} what="policy" />
      </details>
      <details className={classes['hint']}>
        <summary>If blockers keep events away</summary>
        <Text size="sm" c="dimmed" my={6}>
          Let a path of your own domain lead to the two addresses: one for the script and its settings, one for the
          events. Then name yours in place of ours in the snippet, and in the setting{' '}
          <code>integrations['Segment.io'].apiHost</code>. <DocLink page="browser">How pages send</DocLink>
        </Text>
      </details>
    </Stack>
  );
}
