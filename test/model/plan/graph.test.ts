import { describe, expect, it } from 'vitest';
import { Graph } from '../../../src/model/plan/graph.ts';

const graph = (edges: Record<string, string[]>) => new Graph(new Map(Object.entries(edges)));

describe('Graph', () => {
  it('puts each name after what it depends on, and else goes by name [MODEL-004]', () => {
    const names = graph({ e: [], b: ['e'], a: ['d'], d: [], c: [] });
    expect(names.order).toEqual(['c', 'd', 'a', 'e', 'b']);
    expect(graph({ c: [], d: [], a: ['d'], b: ['e'], e: [] }).order).toEqual(names.order);
  });

  it('leaves out what is no name of its own', () => {
    expect(graph({ a: ['raw.x'] }).dependenciesOf('a')).toEqual([]);
  });

  it('finds all ancestors and descendants', () => {
    const names = graph({ a: [], b: ['a'], c: ['b'], d: ['a'] });
    expect([...names.descendants('a')].sort()).toEqual(['b', 'c', 'd']);
    expect([...names.ancestors('c')].sort()).toEqual(['a', 'b']);
  });

  it('tells which of some names comes last in its order', () => {
    const names = graph({ e: [], b: ['e'], a: ['d'], d: [], c: [] });
    expect(names.lastOf(['d', 'raw.x', 'a', 'c'])).toBe('a');
    expect(names.lastOf(new Set(['b', 'a']))).toBe('b');
    expect(names.lastOf(['raw.x'])).toBeUndefined();
    expect(names.lastOf([])).toBeUndefined();
  });

  it('names the whole circle [MODEL-004]', () => {
    expect(() => graph({ x: [], 's.c': ['s.a', 'x'], 's.a': ['s.b'], 's.b': ['s.c'], 's.z': ['s.a'] })).toThrow(
      expect.objectContaining({
        code: 'MODEL_CYCLE',
        kind: 'usage',
        message: 'Models read each other in a circle: s.a reads s.b reads s.c reads s.a.',
      }),
    );
  });

  it('takes a name that depends on itself for a circle [MODEL-004]', () => {
    expect(() => graph({ 's.a': ['s.a'] })).toThrow('Models read each other in a circle: s.a reads s.a.');
  });

  it('does not need a deep stack', () => {
    const edges = new Map(Array.from({ length: 20_000 }, (_, i) => [`n${i}`, i === 0 ? [] : [`n${i - 1}`]]));
    expect(new Graph(edges).order).toHaveLength(20_000);
  });
});
