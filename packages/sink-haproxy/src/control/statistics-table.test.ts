import { expect, test } from 'vitest';
import { parseStatisticsTable } from './statistics-table.ts';

test('columns go by their names, quotes are taken off, and what is not counted is absent', () => {
  const [backend, server] = parseStatisticsTable(
    '# pxname,svname,new_column,scur,last_chk,rtime,\na_x,BACKEND,7,3,,12,\na_x,e_1,7,0,"said ""no"", twice",,\n\n',
  );
  expect(backend?.server).toBeUndefined();
  expect([backend?.backend, backend?.number('scur'), backend?.number('rtime')]).toEqual(['a_x', 3, 12]);
  expect([server?.server, server?.number('scur'), server?.text('last_chk')]).toEqual(['e_1', 0, 'said "no", twice']);
  expect([server?.number('rtime'), server?.number('last_chk'), server?.number('no_such')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each(['', 'Permission denied', '# name\na_x'])('an answer that is no such table: %j', (text) => {
  expect(() => parseStatisticsTable(text)).toThrow(expect.objectContaining({ code: 'SINK_APPLY_FAILED' }));
});
