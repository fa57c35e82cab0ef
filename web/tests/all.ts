// One program for all tests: a process each would take longer than what they do.
import.meta.glob('./**/*.test.ts', { eager: true });
