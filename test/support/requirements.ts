import { describe } from 'vitest';

/** Something that tests need and a machine may lack. */
export interface Requirement {
  /** As CONVLENS_REQUIRE names it. */
  readonly name: string;
  readonly isPresent: boolean;
  /** Why tests are skipped where it is not. */
  readonly absence: string;
}

const required = (process.env.CONVLENS_REQUIRE ?? '').split(',');

/** A `describe` for tests that need something: skipped with the reason where it is absent, unless it must be there. */
export const describeWith = ({ name, isPresent, absence }: Requirement) =>
  isPresent || required.includes(name)
    ? describe
    : (title: string, body: () => void) => describe.skip(`${title} (skipped: ${absence})`, body);
