import { Group, Text } from '@mantine/core';
import type { CatalogDestination, Credential } from '../../../../shared/catalog/catalog-entry.ts';
import { HelpText } from '../../ui/schema-form/help-text.tsx';
import { Chip } from '../../ui/status.tsx';
import classes from './catalog.module.css';

/** What a person must have at hand, each with the way to it and what a wrong one does. */
export function CredentialsList({ type }: { type: CatalogDestination }) {
  const needed = type.credentials.filter(({ required }) => required);
  const others = type.credentials.filter(({ required }) => !required);
  if (needed.length === 0 && others.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing: no account and no key.
      </Text>
    );
  }
  return (
    <ul className={classes.needs}>
      {[...needed, ...others].map((one) => (
        <li key={`${one.isField === true} ${one.key}`}>
          <Need credential={one} />
        </li>
      ))}
    </ul>
  );
}

function Need({
  credential: { theirName, where, right, wrong, required, secret, isField },
}: {
  credential: Credential;
}) {
  return (
    <>
      <Group gap={8} mb={2}>
        <Text size="sm" fw={600}>
          {theirName}
        </Text>
        {!required && <Chip>Optional</Chip>}
        {secret && <Chip tone="info">Secret</Chip>}
        {isField === true && <Chip>In each mapping</Chip>}
      </Group>
      {where !== undefined && (
        <Text size="sm" c="dimmed" component="div">
          <HelpText text={where} />
        </Text>
      )}
      {right !== undefined && (
        <Text size="sm" c="dimmed">
          It needs the right: {right}
        </Text>
      )}
      {wrong !== undefined && (
        <Text size="xs" c="dimmed" mt={4}>
          A wrong one {wrong.answer === 'silent' ? 'is taken without a word' : `is answered ${wrong.answer}`}
          {wrong.words === undefined ? '' : `, “${wrong.words}”`}. {wrong.seenHere}
        </Text>
      )}
    </>
  );
}

/** The way to a setting's value, for below its help text. */
export function WhereItIs({ credential }: { credential: Credential | undefined }) {
  if (credential?.where === undefined || credential.origin === 'field help') return null;
  return (
    <Text component="span" display="block" size="xs" mt={2}>
      Where it is: <HelpText text={credential.where} />
      {credential.right !== undefined && <> · right: {credential.right}</>}
    </Text>
  );
}
