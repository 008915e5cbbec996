import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { CatalogDestination } from '../../../../shared/catalog/catalog-entry.ts';
import { useCall, useWorkspaceSlug } from '../../api/calls.ts';
import { defaultsOf, type FormValues } from '../../ui/schema-form/fields.ts';
import { oneOf, text, useParam } from '../../ui/search-params.ts';
import type { AppDestination } from '../destinations/use-destination.ts';
import { type Draft, dropDraft, readDraft, withoutSecrets, writeDraft } from './draft.ts';
import { type StepId, STEP_IDS, stepFor } from './steps.ts';

/** All that the steps share. */
export type Adding = {
  type: CatalogDestination;
  step: StepId;
  go: (step: StepId) => void;
  sourceId: string | undefined;
  chooseSource: (id: string) => void;
  isConfirmed: boolean;
  confirm: () => void;
  name: string;
  setName: (name: string) => void;
  values: FormValues;
  setValues: (values: FormValues) => void;
  /** As it is saved; undefined before. */
  destination: AppDestination | undefined;
  saved: (destination: AppDestination) => void;
  /** When the draft that was taken up was left; undefined for a new one. */
  restoredAt: string | undefined;
  startOver: () => void;
  /** Forgets the draft: it is done. */
  finish: () => void;
};

/** What is decided of a destination that is being added: in the address, and in a draft that outlives the page. */
export function useAdding(type: CatalogDestination): Adding {
  const workspace = useWorkspaceSlug() ?? '';
  const navigate = useNavigate();
  const [first] = useState<Draft | undefined>(() => readDraft(workspace, type.slug));
  const [askedStep] = useParam('step', oneOf(...STEP_IDS));
  const [askedSource] = useParam('source', text);
  const [askedDestination] = useParam('destination', text);
  const [isForgotten, setForgotten] = useState(false);
  const draft = isForgotten ? undefined : first;
  const destinationId = askedDestination ?? draft?.destinationId;
  const loaded = useCall(
    'getAppDestination',
    { path: { destinationId: destinationId ?? '' } },
    { enabled: destinationId !== undefined },
  );
  // One that was deleted meanwhile, or is enabled: the draft is about nothing any more.
  const found = loaded.data?.destination;
  const destination = found?.type === type.slug ? found : undefined;
  const sourceId = destination?.sourceId ?? askedSource ?? draft?.sourceId;
  const [isConfirmed, setConfirmed] = useState(draft?.isConfirmed === true);
  const [name, setName] = useState(draft?.name ?? '');
  const [given, setValues] = useState<FormValues | undefined>(draft?.values);
  const values = useMemo<FormValues>(
    () => ({ ...defaultsOf(type.settings), ...destination?.settings, ...given }),
    [type, destination, given],
  );
  const isWaiting = destinationId !== undefined && loaded.isPending;
  const step = stepFor(askedStep, {
    sourceId,
    isConfirmed,
    destinationId: destination?.id ?? (isWaiting ? destinationId : undefined),
  });

  const go = useCallback(
    (next: StepId, more: Readonly<Record<string, string | undefined>> = {}) =>
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => ({ ...before, ...more, step: next }),
      } as never),
    [navigate],
  );

  const isDone = destination?.enabled === true;
  useEffect(() => {
    if (isForgotten || isDone || (sourceId === undefined && given === undefined)) return;
    writeDraft(workspace, type.slug, {
      name,
      isConfirmed,
      ...(sourceId !== undefined && { sourceId }),
      ...(destination !== undefined && { destinationId: destination.id }),
      ...(given !== undefined && { values: withoutSecrets(type.settings, given) }),
    });
  }, [workspace, type, name, sourceId, isConfirmed, destination, given, isForgotten, isDone]);

  return {
    type,
    step,
    go,
    sourceId,
    chooseSource: (id) => {
      if (id !== sourceId) setConfirmed(false);
      void navigate({
        to: '.',
        replace: true,
        search: (before: Record<string, unknown>) => ({ ...before, source: id }),
      } as never);
    },
    isConfirmed: isConfirmed || destination !== undefined,
    confirm: () => {
      setConfirmed(true);
      go('settings', { source: sourceId });
    },
    name: name === '' ? (destination?.name ?? '') : name,
    setName,
    values,
    setValues,
    destination,
    saved: (now) => {
      setValues(undefined);
      if (askedDestination !== now.id) {
        void navigate({
          to: '.',
          replace: true,
          search: (before: Record<string, unknown>) => ({ ...before, destination: now.id, source: now.sourceId }),
        } as never);
      }
    },
    restoredAt: askedStep === undefined ? draft?.savedAt : undefined,
    startOver: () => {
      dropDraft(workspace, type.slug);
      setForgotten(true);
      setConfirmed(false);
      setName('');
      setValues(undefined);
      void navigate({ to: '.', search: { step: 'source' } } as never);
    },
    finish: () => {
      dropDraft(workspace, type.slug);
      setForgotten(true);
    },
  };
}
