import type { Config } from 'jest';

const config: Config = {
  rootDir: '..',
  testMatch: ['<rootDir>/tests/**/*.spec.ts'],
  testEnvironment: 'node',
  // Modules of one file are not given back before the process ends: a heap of gigabytes makes the last files slow.
  workerIdleMemoryLimit: '1GB',
  setupFilesAfterEnv: ['<rootDir>/tests/support/watchdog.ts'],
  // Resolve #libs/* to sources, so a test run needs no build.
  testEnvironmentOptions: { customExportConditions: ['inforce:source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

export default config;
