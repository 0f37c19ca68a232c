/** Lint rules: typescript-eslint's strict type-checked set, and the rules of our own that it has no name for. */
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Files in which one cast each ties a list or a template to its types. */
const filesWithCasts = [
  'src/diagnostics/message.ts',
  'src/diagnostics/catalogue/index.ts',
  'src/ir/units.ts',
  'src/ir/emulations/index.ts',
  'src/passes/allocate/index.ts',
];

const restrictedSyntax = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name: a name is found by searching for it.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
];

const noCasts = {
  selector: 'TSAsExpression:not([typeAnnotation.typeName.name="const"])',
  message: 'A cast hides a wrong type: narrow it, or put it into a file that is listed for casts.',
};

export default defineConfig(
  { ignores: ['dist/', 'dist-test/', 'coverage/', 'node_modules/', '**/*.gen.*', '.dependency-cruiser.mjs'] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', 300],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      'no-restricted-syntax': ['error', ...restrictedSyntax, noCasts],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [
      ...['cli', 'documents', 'system', 'survey', 'launches', 'consoles', 'run', 'build', 'rehearsal'].map(
        (room) => `src/${room}/**`,
      ),
      ...['src/control/{client,server}/**', 'src/supervisor/runtime/**', 'src/**/*.test.ts'],
    ],
    rules: { 'no-console': 'error', 'no-restricted-globals': ['error', 'process', 'console', 'Buffer'] },
  },
  // Tests may name the type of what they parsed, and give half a value where the other half does not matter.
  {
    files: [...filesWithCasts, '**/*.test.ts', 'test/**'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax] },
  },
  {
    files: ['**/*.config.{js,ts}', '**/*.mjs', '**/*.d.ts'],
    rules: { 'no-restricted-syntax': 'off', '@typescript-eslint/no-extraneous-class': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    rules: {
      // JSON and dynamic imports get their types from JSDoc here, which these two do not see.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
);
