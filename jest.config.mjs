// Middy and croner ship ES modules only; jest runs CommonJS, so swc turns them, too.
const ESM_ONLY = ['@middy', 'croner'].join('|');

const project = (displayName, extra = {}) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: [],
  transform: {
    '\\.(m?js|[cm]?ts)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_ONLY})/)`],
  moduleFileExtensions: ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'node'],
  ...extra,
});

export default {
  projects: [project('unit'), project('infra'), project('contract'), project('e2e')],
};
