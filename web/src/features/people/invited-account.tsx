import { Alert, Button, Divider, Paper, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { PASSWORD_CHARS_MIN } from '../../../../shared/config/sign-in.ts';
import { fieldErrors } from '../../api/calls.ts';
import { useWork } from '../../api/use-work.ts';
import { signIn } from '../../app/session.ts';
import { ErrorLine } from '../../ui/states.tsx';
import { publicApi } from './public-api.ts';

const NAME_CHARS_MAX = 128;
const PASSWORD_CHARS_MAX = 256;
const back = (): void => void signIn('/invite');

/** For who is not signed in: an account by name and password, or the way to the one that is there. */
export function InvitedAccount({ token, invited }: { token: string; invited: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const make = useWork({
    mutationFn: async () =>
      await publicApi().call('createInvitedAccount', { body: { token, name: name.trim(), password } }),
  });
  if (make.isSuccess) return <Made invited={invited} />;
  const errors = fieldErrors(make.error);
  const isShort = password !== '' && password.length < PASSWORD_CHARS_MIN;
  return (
    <Paper withBorder p="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="md">
          <Text fw={600}>Create your account</Text>
          <TextInput
            label="Your name"
            description="Shown to the other members"
            autoComplete="name"
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={NAME_CHARS_MAX}
            error={errors['name']}
            required
          />
          <PasswordInput
            label="Password"
            description={`At least ${PASSWORD_CHARS_MIN} characters. A few words in a row are easy to keep in mind`}
            autoComplete="new-password"
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            maxLength={PASSWORD_CHARS_MAX}
            error={
              errors['password'] ?? (isShort ? `${PASSWORD_CHARS_MIN - password.length} more characters` : undefined)
            }
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            required
          />
          {Object.keys(errors).length === 0 && <ErrorLine error={make.error} />}
          <Button
            type="submit"
            loading={make.isPending}
            disabled={name.trim() === '' || password.length < PASSWORD_CHARS_MIN}
          >
            Create account
          </Button>
        </Stack>
      </form>
      <Divider label="or" my="lg" />
      <Button variant="default" fullWidth onClick={back}>
        Sign in with the account that you have
      </Button>
    </Paper>
  );
}

function Made({ invited }: { invited: string }) {
  return (
    <Paper withBorder p="lg">
      <Stack gap="md">
        <Alert color="teal" title="Your account is ready">
          Sign in as {invited} with the password that you have just chosen. If you had an account already, it is
          unchanged: sign in with its own password.
        </Alert>
        <Button onClick={back} data-autofocus>
          Sign in and join
        </Button>
      </Stack>
    </Paper>
  );
}
