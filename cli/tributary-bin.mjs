#!/usr/bin/env node
// `tributary …` of package.json's `bin`: the same as `npm run tributary -- …`, from whatever folder it is typed in.
process.env.INIT_CWD ??= process.cwd();
process.argv.splice(2, 0, 'tributary');
await import('./bootstrap.mjs');
