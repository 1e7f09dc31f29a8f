import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: ['packages/*/assembly/', '**/dist/', '**/node_modules/', '**/.turbo/', 'runs/'],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      // Randomness comes from a seed through core's randomAt, so that any run can be replayed.
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: "Use randomAt(seed, ...keys) from '@convlens/core'." },
      ],
      // An argument that is there for the shape of a function only.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always'],
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['packages/*/src/**'], rules: { 'no-console': 'error' } },
);
