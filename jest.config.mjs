const transform = {
  '^.+\\.tsx?$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
      module: { type: 'es6' },
    },
  ],
}
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.lapse'],
}

/** `unit` needs nothing but Node; `emulator` boots the bare emulator; `e2e` boots it once and deploys the real app into it. */
export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/test/{domain,application,adapters,contract,runtime,handlers,pages,review,lib,cli,trust,local}/**/*.test.ts',
        '<rootDir>/test/*.test.ts',
      ],
    },
    { ...base, displayName: 'emulator', testMatch: ['<rootDir>/test/emulator/**/*.test.ts'] },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/{e2e,browser}/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/deploy-once.ts',
      globalTeardown: '<rootDir>/test/support/stop-emulator.ts',
    },
  ],
}
