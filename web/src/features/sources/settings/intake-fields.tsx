import { NumberInput, Radio, Select, SimpleGrid, Stack, Switch, Textarea } from '@mantine/core';
import { DocLink } from '../../../ui/states.tsx';
import type { AppSource } from '../use-source.ts';
import { SettingGroup } from './setting-group.tsx';
import type { SourceDraft } from './source-draft.ts';

const DEDUP_HOURS_MAX = 168;
const REQUESTS_MAX = 100_000;
const HOURS_DEFAULT = '24';
const REQUESTS_DEFAULT = '1,000';

type FieldsProps = {
  source: AppSource;
  draft: SourceDraft;
  set: (change: Partial<SourceDraft>) => void;
  errors: Readonly<Record<string, string>>;
};

const numberOf = (value: string | number): number | '' => (value === '' ? '' : Number(value));
/** The first message about a list or about an entry of it. */
const listError = (errors: FieldsProps['errors'], field: string): string | undefined =>
  Object.entries(errors).find(([name]) => name === field || name.startsWith(`${field}.`))?.[1];

/** Who may send to a source. */
export function AccessFields({ source, draft, set, errors }: FieldsProps) {
  return (
    <SettingGroup title="Who may send" about="Beside the write key. Empty lists let everybody in.">
      {source.kind === 'website' && (
        <Textarea
          label="Websites"
          description="Hosts of pages, one a line: others are refused"
          placeholder={'shop.example.com\n*.example.com'}
          autosize
          minRows={2}
          value={draft.allowedOrigins}
          error={listError(errors, 'settings.allowedOrigins')}
          onChange={({ currentTarget }) => set({ allowedOrigins: currentTarget.value })}
        />
      )}
      <Textarea
        label="Addresses"
        description="IP addresses or blocks, one a line: others are refused"
        placeholder="203.0.113.0/24"
        autosize
        minRows={2}
        value={draft.allowedIps}
        error={listError(errors, 'settings.allowedIps')}
        onChange={({ currentTarget }) => set({ allowedIps: currentTarget.value })}
      />
      <Radio.Group
        label="What a request must show"
        value={draft.requires}
        error={errors['settings.requires']}
        onChange={(value) => set({ requires: value === 'oauth' ? 'oauth' : 'write-key' })}
      >
        <Stack gap={8} mt={6}>
          <Radio value="write-key" label="The write key" />
          <Radio
            value="oauth"
            label="The write key and an OAuth access token"
            description={
              <>
                For servers: whoever knows the key alone is refused. Apps and their public keys are kept by the
                operator, by the command npm run oauth. <DocLink page="api">How a server gets a token</DocLink>
              </>
            }
          />
        </Stack>
      </Radio.Group>
    </SettingGroup>
  );
}

/** How much comes, and what of it is a repeat. */
export function IntakeFields({ source, draft, set, errors }: FieldsProps) {
  return (
    <SettingGroup
      title="Intake"
      about="An event that comes again with the same message id is counted once. An empty number is the default."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label="Remember message ids"
          suffix=" hours"
          min={1}
          max={DEDUP_HOURS_MAX}
          allowDecimal={false}
          placeholder={`${HOURS_DEFAULT} hours`}
          value={draft.dedupHours}
          error={errors['settings.dedupHours']}
          onChange={(value) => set({ dedupHours: numberOf(value) })}
        />
        <Select
          label="Find repeats"
          data={[
            { value: 'auto', label: 'As is best for its type' },
            { value: 'event', label: 'Of each event, exactly' },
            { value: 'device', label: 'Of each device, at less cost' },
          ]}
          value={draft.dedupBy}
          error={errors['settings.dedupBy']}
          allowDeselect={false}
          onChange={(value) => set({ dedupBy: value === 'event' || value === 'device' ? value : 'auto' })}
        />
      </SimpleGrid>
      <NumberInput
        label="Requests each second"
        description="On average over ten seconds; more are answered 429, and client libraries send them again"
        min={1}
        max={REQUESTS_MAX}
        thousandSeparator=","
        allowDecimal={false}
        placeholder={REQUESTS_DEFAULT}
        value={draft.requestsPerSecondMax}
        error={errors['settings.requestsPerSecondMax']}
        onChange={(value) => set({ requestsPerSecondMax: numberOf(value) })}
        maw={300}
      />
      {source.kind === 'website' && (
        <Switch
          label="Send several events in a request"
          description="Analytics.js waits half a second or for ten events: fewer requests, lower cost"
          checked={draft.batching}
          onChange={({ currentTarget }) => set({ batching: currentTarget.checked })}
        />
      )}
    </SettingGroup>
  );
}
