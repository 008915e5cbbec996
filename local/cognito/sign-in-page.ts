import { createHash } from 'node:crypto';

export type SignInForm = {
  /** Where the form is sent to; the links of providers are below it. */
  path: string;
  withPassword: boolean;
  /** Names of other issuers. */
  providers: readonly string[];
  /** Whether the one button is shown. */
  withDemoOwner: boolean;
  email: string;
  error: string | undefined;
};

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f5f6f8, #14161a); color: light-dark(#1b1e24, #e8eaee); }
main { width: min(22rem, 100% - 2rem); padding: 2rem; border: 1px solid light-dark(#d8dce3, #343943); border-radius: .75rem; background: light-dark(#fff, #1c1f25); }
h1 { margin: 0 0 1rem; font-size: 1.375rem; }
label { display: block; margin-top: .75rem; font-weight: 500; }
input { box-sizing: border-box; width: 100%; padding: .5rem .625rem; font: inherit; border: 1px solid light-dark(#7b8494, #7b8494); border-radius: .375rem; background: transparent; color: inherit; }
button, .button { display: block; box-sizing: border-box; width: 100%; margin-top: 1rem; padding: .5625rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border: 1px solid light-dark(#3b4cca, #97a3ff); border-radius: .375rem; background: transparent; color: light-dark(#3b4cca, #b3bcff); cursor: pointer; }
button.first { background: #3b4cca; border-color: #3b4cca; color: #fff; }
:focus-visible { outline: 3px solid #97a3ff; outline-offset: 2px; }
hr { margin: 1.5rem 0 .5rem; border: 0; border-top: 1px solid light-dark(#d8dce3, #343943); }
[role="alert"] { margin: 0; padding: .5rem .75rem; border-radius: .375rem; background: light-dark(#fdecec, #3a1d1f); color: light-dark(#8f1d1d, #ffb4b4); }
small { display: block; margin-top: 1.5rem; color: light-dark(#5a6372, #a5adbb); }
`;
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/**
 * What a page may do: nothing but its own style and its own form. `formTargets`: origins where the answer to the form may send the browser on to, which
 * browsers count as the form's target.
 */
export const contentSecurityPolicy = (formTargets: readonly string[] = []): string =>
  [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    `form-action 'self' ${formTargets.join(' ')}`.trim(),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

/** The sign-in page: works without scripts, says errors to screen readers, and tells password managers what is what. */
export function signInPage(form: SignInForm): string {
  const { path, providers, withDemoOwner, withPassword } = form;
  const parts = [
    form.error === undefined ? '' : `<p role="alert" id="error">${escaped(form.error)}</p>`,
    withPassword ? passwordForm(form) : '',
    withPassword && (withDemoOwner || providers.length > 0) ? '<hr>' : '',
    ...providers.map(
      (name) => `<a class="button" href="${escaped(path)}/with/${escaped(name)}">Continue with ${escaped(name)}</a>`,
    ),
    withDemoOwner
      ? `<form method="post" action="${escaped(path)}"><button name="as" value="demo-owner">Sign in as the demo owner</button></form>`
      : '',
    '<small>This page is the local cloud’s. On AWS it is Cognito’s.</small>',
  ];
  return page('Sign in', `<h1>Sign in to Tributary</h1>${parts.join('')}`);
}

function passwordForm({ path, email, error }: SignInForm): string {
  const faulty = error === undefined ? '' : ' aria-describedby="error" aria-invalid="true"';
  return `<form method="post" action="${escaped(path)}">
<label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${escaped(email)}"${faulty}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256"${faulty}>
<button class="first">Sign in</button>
</form>`;
}

/** A page for what cannot go on. */
export const errorPage = (message: string): string =>
  page(
    'Sign-in failed',
    `<h1>Sign-in failed</h1><p role="alert">${escaped(message)}</p><p>Go back to the app and sign in again.</p>`,
  );

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
  `<meta name="robots" content="noindex"><title>${title} – Tributary</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
