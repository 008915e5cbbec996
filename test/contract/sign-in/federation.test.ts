import { jwtPersonTokens } from '../../../shared/http/jwt-person-tokens.ts';
import { anotherIssuer, type OtherAccount, type OtherIssuer } from '../../builders/other-issuer.ts';
import { aBrowser, alertOf, appRequest, exchangeCode, type SignedIn } from '../../builders/sign-in.ts';
import { CALLBACK_URL, type SignInCloud, startSignInCloud } from '../../builders/sign-in-cloud.ts';

const ADA: OtherAccount = { sub: 'ada-1', email: 'ada@acme.example', email_verified: true, name: 'Ada' };

/** Passwords are hashed slowly, on a busy machine very slowly. */
jest.setTimeout(60_000);

let other: OtherIssuer;
let signed: SignInCloud;
beforeAll(async () => {
  other = await anotherIssuer(ADA);
  signed = await startSignInCloud({ trusted: other.trusted });
  other.register(`${signed.place.issuer}/oauth2/idpresponse`);
});
beforeEach(() => {
  other.account = ADA;
});
afterAll(async () => {
  await signed.cloud.stop();
  await other.stop();
  expect(signed.log()).toBe('');
});

/** Begins a sign-in, follows the link on the page, and stops where the browser would come back to the app. */
async function throughOkta(browser = aBrowser()) {
  const app = appRequest(signed.place);
  const page = await browser.follow(app.url, CALLBACK_URL);
  const link = /href="([^"]+)">Continue with Okta</.exec(page.text)?.[1] ?? '';
  const back = await browser.follow(new URL(link, page.url).href, CALLBACK_URL);
  return { app, page, back };
}

async function verified({ accessToken, idToken }: SignedIn) {
  const tokens = jwtPersonTokens({ issuer: signed.place.issuer, scope: 'tributary/app', now: () => new Date() });
  const access = await tokens.verifyAccess(accessToken);
  return access && { access, id: await tokens.verifyId(idToken, access) };
}
const asOkta = async (account: OtherAccount) => {
  other.account = account;
  const { app, back } = await throughOkta();
  return await verified(await exchangeCode(signed.place, app, back.url));
};

test('a person of another issuer comes back with address, name and what that issuer says about the address', async () => {
  const { app, page, back } = await throughOkta();
  expect(page.text).toContain('Sign in as the demo owner');
  const person = await verified(await exchangeCode(signed.place, app, back.url));
  expect(person?.id).toMatchObject({
    issuer: signed.place.issuer,
    username: 'Okta_ada-1',
    email: 'ada@acme.example',
    emailVerified: true,
    name: 'Ada',
  });
  expect(person?.access).toMatchObject({ subject: person?.id?.subject, username: 'Okta_ada-1' });
});

test.each([
  ['says no', { email_verified: false }],
  ['says nothing', {}],
])('where it %s about the address, it is not verified', async (_case, over) => {
  const person = await asOkta({ sub: `u-${_case}`, email: 'claims@acme.example', ...over });
  expect(person?.id).toMatchObject({ email: 'claims@acme.example', emailVerified: false });
});

test('the same person is the same subject each time, with the address of today', async () => {
  const first = await asOkta({ ...ADA, sub: 'moved' });
  const second = await asOkta({ ...ADA, sub: 'moved', email: 'ada@new.example' });
  expect(second?.id).toMatchObject({ subject: first?.id?.subject, email: 'ada@new.example' });
});

test('who has the address of one of our own accounts gets an account beside it, and never that one', async () => {
  const person = await asOkta({ sub: 'sly', email: 'owner@example.com', email_verified: true });
  const owner = await verified(await exchangeAsOwner());
  expect(person?.id).toMatchObject({ email: 'owner@example.com', username: 'Okta_sly' });
  expect(person?.id?.subject).not.toBe(owner?.id?.subject);
});

async function exchangeAsOwner(): Promise<SignedIn> {
  const browser = aBrowser();
  const app = appRequest(signed.place);
  const page = await browser.follow(app.url, CALLBACK_URL);
  const back = await browser.follow(page.url, CALLBACK_URL, new URLSearchParams({ as: 'demo-owner' }));
  return await exchangeCode(signed.place, app, back.url);
}

test('who says no there is back on the page, and may choose another way', async () => {
  other.account = undefined;
  const { back } = await throughOkta();
  expect([back.status, alertOf(back.text)]).toEqual([400, 'Okta did not sign you in.']);
  expect(back.text).toContain('Continue with Okta');
});

test('who has no address there cannot come in', async () => {
  other.account = { sub: 'no-mail' };
  const { back } = await throughOkta();
  expect([back.status, alertOf(back.text)]).toEqual([400, 'Okta did not say your e-mail address.']);
});

test('an answer of the other issuer is good once, and in the browser that asked', async () => {
  const browser = aBrowser();
  const page = await browser.follow(appRequest(signed.place).url, CALLBACK_URL);
  const link = new URL(/href="([^"]+)">Continue with Okta</.exec(page.text)?.[1] ?? '', page.url).href;
  const idpResponse = `${signed.place.issuer}/oauth2/idpresponse`;
  const answer = await browser.follow(link, idpResponse);
  const elsewhere = await aBrowser().follow(answer.url, CALLBACK_URL);
  expect(elsewhere.status).toBe(400);
  const here = await browser.follow(answer.url, CALLBACK_URL);
  expect(new URL(here.url).searchParams.get('code')).not.toBeNull();
  const again = await browser.follow(answer.url, CALLBACK_URL);
  expect([again.status, alertOf(again.text)]).toEqual([400, 'This sign-in is not under way any more.']);
  const madeUp = await browser.follow(`${idpResponse}?code=x&state=y`, CALLBACK_URL);
  expect(madeUp.status).toBe(400);
});

test('an answer of the other issuer is no good for another sign-in: nobody is signed in as somebody else unawares (T19)', async () => {
  const [attacker, victim] = [aBrowser(), aBrowser()];
  const link = (page: { url: string; text: string }) =>
    new URL(/href="([^"]+)">Continue with Okta</.exec(page.text)?.[1] ?? '', page.url).href;
  const theirs = await attacker.follow(appRequest(signed.place).url, CALLBACK_URL);
  const answer = await attacker.follow(link(theirs), `${signed.place.issuer}/oauth2/idpresponse`);
  const mine = await victim.follow(appRequest(signed.place).url, CALLBACK_URL);
  const slipped = await victim.follow(`${mine.url}/back${new URL(answer.url).search}`, CALLBACK_URL);
  expect([slipped.status, alertOf(slipped.text)]).toEqual([400, 'This sign-in is not under way any more.']);
});

test('an issuer that does not answer is said so on the page', async () => {
  const gone = await startSignInCloud({ trusted: { ...other.trusted, issuer: 'http://127.0.0.1:9' } });
  try {
    const browser = aBrowser();
    const page = await browser.follow(appRequest(gone.place).url, CALLBACK_URL);
    const link = /href="([^"]+)">Continue with Okta</.exec(page.text)?.[1] ?? '';
    const answer = await browser.follow(new URL(link, page.url).href, CALLBACK_URL);
    expect([answer.status, alertOf(answer.text)]).toEqual([400, 'Okta cannot be asked now.']);
  } finally {
    await gone.cloud.stop();
  }
});
