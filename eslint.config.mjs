import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Rules about bodies only: layout is Prettier's, imports between rooms are dependency-cruiser's. */
export default defineConfig(
  { ignores: ['**/dist/', 'coverage/', '.tmp/', 'test/package/consumers/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'sample/**/*.ts', 'bench/**/*.ts', 'console/**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // NestJS declares the options of `NestFactory.create` as classes and expects plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'sample/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [{ name: 'node:timers/promises', message: 'No test can fake it: use pause() of core.' }],
          patterns: [
            {
              regex: '^@nestjs/(?!common/constants\\.js$)[^/]+/',
              message: 'Only package roots and @nestjs/common/constants.js are the same in NestJS 11 and 12.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/diagnostics/wix-logger.ts', 'src/testing/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "ImportDeclaration[source.value='@nestjs/common'] > ImportSpecifier[imported.name=/Logger$/]",
          message: 'Log by WixLogger of diagnostics: it escapes control characters, which texts from outside may have.',
        },
      ],
      'no-console': 'error',
    },
  },
  {
    // An Express or Fastify request, a response body or a mock is `any` in its own typings; tests assert on it as it is.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Command-line output is what these are for.
    files: ['sample/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.base],
    rules: { eqeqeq: 'error', 'prefer-const': 'error', 'no-var': 'error' },
  },
);
