// `npm test`: every check there is, each under its title, all of them even when one fails. The last line is the sum:
// `N passed, N failed`, where a check counts as one and Jest's tests count each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'inforce-test-'));
const results = join(scratch, 'jest.json');
// Legal days must not depend on where the tests run.
const env = { ...process.env, TZ: 'UTC' };

const checks = { format: 'Format', lint: 'Lint', types: 'Types', build: 'Build' };
let passed = 0;
let failed = 0;

for (const [script, title] of Object.entries(checks)) {
  heading(title);
  const ok = npmRun(script) === 0;
  console.log(ok ? `${title}: passed` : `${title}: failed`);
  if (ok) passed += 1;
  else failed += 1;
}

heading('Tests');
const code = npmRun('unit', '--json', `--outputFile=${results}`);
const jest = readResults();
passed += jest.passed;
// A run that died, or ended badly without a failing test to show for it, is a failure of its own.
failed += jest.failed === 0 && code !== 0 ? 1 : jest.failed;

rmSync(scratch, { recursive: true, force: true });
heading('Result');
for (const line of jest.notRun) console.log(`not run: ${line}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function heading(title) {
  console.log(`\n== ${title} ==`);
}

function npmRun(script, ...args) {
  const { status } = spawnSync('npm', ['run', '--silent', script, '--', ...args], { cwd: root, env, stdio: 'inherit' });
  return status ?? 1;
}

function readResults() {
  let report;
  try {
    report = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, notRun: ['all tests: Jest left no results'] };
  }
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    notRun: report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => !['passed', 'failed'].includes(status))
        .map(({ fullName, status }) => `${relative(root, name)}: ${fullName} (${status})`),
    ),
  };
}
