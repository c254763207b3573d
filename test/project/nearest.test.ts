import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/project/nearest.ts';

describe('editDistance', () => {
  it.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['soruces', 'sources', 1],
    ['SOURCES', 'sources', 0],
    ['ca', 'abc', 3],
  ])('of %s and %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('nearest', () => {
  it('finds what was meant', () => {
    expect(nearest('sorces', ['name', 'study', 'sources'])).toBe('sources');
  });

  it('finds nothing where nothing is near', () => {
    expect(nearest('publications', ['name', 'study'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
    expect(nearest('seed', ['spec', 'list'])).toBeUndefined();
  });
});
