// Prints where the packaged Chromium is, after unpacking it once, and the folder of libraries that a bare machine lacks.
// Its own process because the package is an ES module, reads its environment when it is loaded, and jest runs CommonJS.
import { execFileSync } from 'node:child_process';

const hasNss = () => {
  try {
    return execFileSync('ldconfig', ['-p'], { encoding: 'utf8' }).includes('libnss3.so');
  } catch {
    return false;
  }
};

// With this the package also unpacks the libraries that it carries (libnss3, libnspr4 …) and puts them on the library path.
if (process.platform === 'linux' && !hasNss()) process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';

const { default: chromium } = await import('@sparticuz/chromium');
const executablePath = await chromium.executablePath();
process.stdout.write(JSON.stringify({ executablePath, libraryPath: process.env.LD_LIBRARY_PATH ?? '' }));
