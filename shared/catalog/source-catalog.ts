import type { CatalogSourceKind, CatalogStatus } from './catalog-entry.ts';
import type { SourceCategory } from './categories.ts';
import { type CatalogPlaces, type IntegrationOptionBeta, type LogosBeta, logosOf } from './destination-metadata.ts';
import type { InstallText } from './install/install-text.ts';
import { FLUTTER, KOTLIN, REACT_NATIVE, SWIFT } from './install/mobile.ts';
import { GO, HTTP_API, JAVA, NET, NODE, PHP, PIXEL, PYTHON, RUBY, WEBHOOK } from './install/server.ts';
import { JAVASCRIPT } from './install/website.ts';

/** A type of source: what sends, and how it is made to. */
export type CatalogSource = {
  /** Segment's own where it has the type, so that a client that names a metadata id there names the same here. */
  id: string;
  /** Segment's, too, but for types of ours. */
  slug: string;
  name: string;
  kind: CatalogSourceKind;
  categories: readonly SourceCategory[];
  description: string;
  status: CatalogStatus;
  /** ISO day on which it came to us. */
  addedAt: string;
  /** Settings of a source of the type, in Segment's form. */
  options: readonly IntegrationOptionBeta[];
  install: readonly InstallText[];
};

type Given = Pick<CatalogSource, 'id' | 'slug' | 'name' | 'description' | 'install'> & Partial<CatalogSource>;

const sourceOf = (kind: CatalogSourceKind, category: SourceCategory, given: Given): CatalogSource => ({
  kind,
  categories: [category],
  // A text that nobody has run is a beta's.
  status: given.install.some(({ ran }) => ran !== 'nobody') ? 'PUBLIC' : 'PUBLIC_BETA',
  addedAt: '2026-11-24',
  options: [],
  ...given,
});

/** All types of sources, in the order in which they are shown. */
export const SOURCE_CATALOG: readonly CatalogSource[] = [
  sourceOf('website', 'Website', {
    id: 'IqDTy1TpoU',
    slug: 'javascript',
    name: 'JavaScript',
    description: 'Pages, clicks and visitors of a website, by Analytics.js.',
    install: JAVASCRIPT,
  }),
  sourceOf('mobile', 'Mobile', {
    id: 'dZeHygTSD4',
    slug: 'apple',
    name: 'iOS (Swift)',
    description: 'Screens and events of apps for iOS, iPadOS, tvOS, watchOS and macOS.',
    install: SWIFT,
  }),
  sourceOf('mobile', 'Mobile', {
    id: '9EMcTqiKok',
    slug: 'kotlin-android',
    name: 'Android (Kotlin)',
    description: 'Screens and events of Android apps.',
    install: KOTLIN,
  }),
  sourceOf('mobile', 'Mobile', {
    id: 'B0X0QmvMny',
    slug: 'react-native',
    name: 'React Native',
    description: 'Screens and events of React Native apps.',
    install: REACT_NATIVE,
  }),
  sourceOf('mobile', 'Mobile', {
    id: 'CvYws1p1ZA',
    slug: 'flutter',
    name: 'Flutter',
    description: 'Screens and events of Flutter apps.',
    install: FLUTTER,
  }),
  sourceOf('server', 'Server', {
    id: 'U9mT0bPcI6',
    slug: 'node-js',
    name: 'Node.js',
    description: 'Events of servers, functions and scripts in JavaScript.',
    install: NODE,
  }),
  sourceOf('server', 'Server', {
    id: 'XRksQPCr7X',
    slug: 'python',
    name: 'Python',
    description: 'Events of servers, jobs and notebooks in Python.',
    install: PYTHON,
  }),
  sourceOf('server', 'Server', {
    id: 'yBvi77aEwr',
    slug: 'go',
    name: 'Go',
    description: 'Events of servers in Go.',
    install: GO,
  }),
  sourceOf('server', 'Server', {
    id: 'V6ynUvQgbc',
    slug: 'java',
    name: 'Java',
    description: 'Events of servers in Java and other languages of its machine.',
    install: JAVA,
  }),
  sourceOf('server', 'Server', {
    id: 'aACTBqIbWT',
    slug: 'ruby',
    name: 'Ruby',
    description: 'Events of servers in Ruby.',
    install: RUBY,
  }),
  sourceOf('server', 'Server', {
    id: 'TDO70If4mD',
    slug: 'php',
    name: 'PHP',
    description: 'Events of web servers in PHP.',
    install: PHP,
  }),
  sourceOf('server', 'Server', {
    id: '8HWbgPTt3k',
    slug: 'net',
    name: '.NET',
    description: 'Events of servers and apps in C#.',
    install: NET,
  }),
  sourceOf('server', 'Server', {
    id: 'iUM16Md8P2',
    slug: 'http-api',
    name: 'HTTP API',
    description: 'Whatever can send an HTTP request, without a library.',
    install: HTTP_API,
  }),
  sourceOf('server', 'Server', {
    id: '7XqN9rJQOG',
    slug: 'pixel-tracking-api',
    name: 'Pixel',
    description: 'Openings of mails and of pages without scripts, by a picture that nobody sees.',
    install: PIXEL,
  }),
  sourceOf('webhook', 'Custom', {
    id: 'dZ3KaTribH',
    slug: 'webhook',
    name: 'Webhook',
    description: 'What another tool posts about itself, turned into events by a mapping.',
    addedAt: '2026-11-26',
    install: WEBHOOK,
  }),
];

const byName = new Map(SOURCE_CATALOG.flatMap((source) => [source.id, source.slug].map((name) => [name, source])));

/** By id or slug. */
export const findCatalogSource = (idOrSlug: string): CatalogSource | undefined => byName.get(idOrSlug);

/** Segment's shape of a type of source. */
export type SourceMetadataV1 = {
  id: string;
  name: string;
  slug: string;
  description: string;
  logos: LogosBeta;
  options: readonly IntegrationOptionBeta[];
  categories: readonly string[];
  isCloudEventSource: boolean;
  status: CatalogStatus;
  partnerOwned: boolean;
};

/** A type of source as Segment's Public API shows it. */
export const toSourceMetadata = (source: CatalogSource, places: CatalogPlaces): SourceMetadataV1 => ({
  id: source.id,
  name: source.name,
  slug: source.slug,
  description: source.description,
  logos: logosOf(source.slug, places),
  options: source.options,
  categories: source.categories,
  // A cloud source fetches from a tool; whatever is here is sent to us.
  isCloudEventSource: false,
  status: source.status,
  partnerOwned: false,
});
