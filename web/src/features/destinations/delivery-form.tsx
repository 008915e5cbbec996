import { NumberInput, Stack, TagsInput } from '@mantine/core';
import { fieldErrors, useChange } from '../../api/calls.ts';
import { Overtaken } from '../../ui/editing/overtaken.tsx';
import { useEditing } from '../../ui/editing/use-editing.ts';
import { Action } from '../../ui/locked.tsx';
import { ErrorLine } from '../../ui/states.tsx';
import { toast } from '../../ui/toast.tsx';
import classes from './destinations.module.css';
import { type AppDestination, type AppSource, STALE_WITH_DESTINATION } from './use-destination.ts';

/** The API's bounds. */
const RETRY_HOURS_MAX = 312;
const CATEGORIES_MAX = 50;

type Draft = { hours: number | string; categories: string[] };

/** How long is tried again, and whose consent is asked for. */
export function DeliveryForm({ destination, source }: { destination: AppDestination; source: AppSource | undefined }) {
  const now: Draft = { hours: destination.retryWindowHours, categories: destination.consentCategories };
  const edit = useEditing(now, `"${destination.version}"`);
  const { base, draft } = edit;
  const { hours, categories } = draft;
  const save = useChange('updateAppDestination', {
    stale: STALE_WITH_DESTINATION,
    keeps: 'getAppDestination',
    onDone: () => {
      edit.sent();
      toast('Delivery settings are saved');
    },
  });
  const isOther = { hours: hours !== base.hours, categories: categories.join('\n') !== base.categories.join('\n') };
  const isChanged = isOther.hours || isOther.categories;
  const errors = fieldErrors(save.error);
  const categoryError = Object.entries(errors).find(([field]) => field.startsWith('consentCategories'))?.[1];
  return (
    <form
      className={classes.panel}
      aria-label="Delivery settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isChanged || edit.isOvertaken || typeof hours !== 'number') return;
        edit.send();
        save.mutate({
          path: { destinationId: destination.id },
          ifMatch: edit.ifMatch,
          body: {
            ...(isOther.hours && { retryWindowHours: hours }),
            ...(isOther.categories && { consentCategories: categories }),
          },
        });
      }}
    >
      <Stack gap="lg" className={classes.form ?? ''}>
        <Overtaken what="destination" edit={edit} onChosen={save.reset} />
        <NumberInput
          label="Try again for"
          description="What fails for a reason that may pass is sent again, with growing pauses, for so long. Then it is kept, and can be replayed."
          value={hours}
          onChange={(next) => edit.put({ ...draft, hours: next })}
          min={1}
          max={RETRY_HOURS_MAX}
          allowDecimal={false}
          suffix={hours === 1 ? ' hour' : ' hours'}
          error={errors['retryWindowHours']}
          styles={{ wrapper: { maxWidth: 200 } }}
        />
        <TagsInput
          label="Consent categories"
          description="Events are sent only of users who have agreed to all of these. Empty: consent is not asked for."
          placeholder={categories.length === 0 ? 'Type a category, then Enter' : ''}
          value={categories}
          onChange={(next) => edit.put({ ...draft, categories: next })}
          maxTags={CATEGORIES_MAX}
          acceptValueOnBlur
          error={categoryError}
        />
        {Object.keys(errors).length === 0 && <ErrorLine error={save.error} />}
        <div>
          <Action
            right="destination.edit"
            source={source}
            type="submit"
            loading={save.isPending}
            disabled={!isChanged || edit.isOvertaken || typeof hours !== 'number'}
          >
            Save delivery settings
          </Action>
        </div>
      </Stack>
    </form>
  );
}
