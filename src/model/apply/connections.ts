import type { Connection } from '../../store/connection.ts';

/** More of them hardly make more at a time, and each holds what it has made until its turn. */
const MOST = 4;

/** A connection that is opened when it is first asked for. */
export type Place = () => Promise<Connection>;

/** The connections of one instance on which models are made at the same time. */
export interface Connections {
  readonly places: readonly Place[];
  close(): void;
}

/**
 * As many as DuckDB has threads, at most four; or the one that there is, where it has one thread, or no other can be
 * opened.
 */
export async function connectionsBeside(connection: Connection, connect?: Place): Promise<Connections> {
  const row = await connection.row<{ threads: bigint }>("SELECT current_setting('threads') AS threads");
  const many = connect === undefined ? 1 : Math.min(Number(row!.threads), MOST);
  if (connect === undefined || many === 1) return { places: [async () => connection], close: () => {} };
  const opened: Connection[] = [];
  const place = (): Place => {
    let own: Promise<Connection> | undefined;
    const open = async () => {
      const made = await connect();
      opened.push(made);
      return made;
    };
    return () => {
      own ??= open();
      return own;
    };
  };
  return {
    places: Array.from({ length: many }, place),
    close: () => {
      for (const one of opened) one.close();
    },
  };
}
