import { hashTexts, sha256 } from '@signalbox/sink-kit';
import { listClientCertificates, renderAuthorityCopies } from '../certificates/client-authorities.ts';
import type { Desired } from '../desired/model.ts';
import { mapNames } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { listProfiles } from '../structure/profiles.ts';
import { listSpares } from '../structure/spares.ts';
import { describeStructure } from '../structure/structure-map.ts';
import { renderBackend, renderBackendStructure, renderSpare } from './backend.ts';
import { mapPaths, metaMap, noCertificatesPath, renderDesiredMap, renderMap } from './files.ts';
import { renderGlobal, renderProfile, renderSections } from './sections.ts';

export interface RenderOptions {
  /** Default: that of {@link structureHash}. */
  readonly hash?: string;
  /** Default: the run directory; another one only for a candidate that is checked elsewhere. */
  readonly mapDirectory?: string;
}

/** The whole file. */
export function renderConfig(desired: Desired, settings: Settings, options: RenderOptions = {}): string {
  return joinTexts(renderParts(desired, settings, options));
}

function renderParts(
  desired: Desired,
  settings: Settings,
  { hash = structureHash(desired, settings), mapDirectory }: RenderOptions,
): readonly string[] {
  const backends = [...desired.backends.values()].map(renderBackend);
  const own = [...backends, ...renderReserve(desired, settings)];
  return [
    `${ownership}, which replaces this file as a whole: edits by hand are lost.\n${renderGlobal(settings, hash)}`,
    ...renderSections(desired, settings, mapDirectory).flatMap(({ key, text }) => (key === 'global' ? [] : [text])),
    ...(mapDirectory === undefined ? own : moveCheckMap(own, settings.runDirectory, mapDirectory)),
  ];
}

/** Checks ask a map, too: that of the candidate in a candidate. */
function moveCheckMap(texts: readonly string[], from: string, to: string): readonly string[] {
  const [before, after] = [mapPaths(from).check, mapPaths(to).check];
  return texts.map((text) => text.replaceAll(before, after));
}

/** The sha256 of each file of {@link renderFiles}, by path. The configuration is joined only when one of its parts changed since the last time. */
export function hashFiles(desired: Desired, settings: Settings): ReadonlyMap<string, string> {
  const parts = renderParts(desired, settings, {});
  const known = configHashes.get(settings);
  const isKnown = known?.parts.length === parts.length && known.parts.every((part, index) => part === parts[index]);
  const hash = isKnown ? known.hash : sha256(joinTexts(parts));
  configHashes.set(settings, { parts, hash });
  return new Map([...hashTexts(renderOthers(desired, settings)), [settings.configPath, hash]]);
}

const configHashes = new WeakMap<Settings, { readonly parts: readonly string[]; readonly hash: string }>();

/**
 * Names everything that only a reload can change, and nothing else: endpoints and map entries are left out. The running process shows it as
 * `description` in `show info`, which tells what it runs even when the files lag behind or Signalbox has just started.
 */
export function structureHash(desired: Desired, settings: Settings): string {
  const known = hashes.get(desired.backends);
  if (known?.version === desired.structureVersion && known.settings === settings) return known.hash;
  const backends = [...desired.backends.values()].map(renderBackendStructure);
  const sections = renderSections(desired, settings).map(({ text }) => text);
  const hash = sha256(joinTexts([...sections, ...backends, ...renderReserve(desired, settings)]));
  hashes.set(desired.backends, { version: desired.structureVersion, settings, hash });
  return hash;
}

const hashes = new WeakMap<Desired['backends'], { version: number; settings: Settings; hash: string }>();

/** Every file but the server state, by path, in the order in which they are written: the configuration last. */
export function renderFiles(
  desired: Desired,
  settings: Settings,
  options: RenderOptions = {},
): ReadonlyMap<string, string> {
  const { hash = structureHash(desired, settings) } = options;
  const files = renderOthers(desired, settings, hash);
  return files.set(settings.configPath, renderConfig(desired, settings, { ...options, hash }));
}

/** What the configuration refers to. */
function renderOthers(
  desired: Desired,
  settings: Settings,
  hash: string = structureHash(desired, settings),
): Map<string, string> {
  const paths = mapPaths(settings.runDirectory);
  const files = new Map<string, string>([[paths.meta, metaMap]]);
  for (const name of mapNames) {
    // Nothing refers to it otherwise.
    if (name !== 'sni' || desired.passthrough) files.set(paths[name], renderDesiredMap(desired.maps, name));
  }
  for (const [path, text] of renderAuthorityFiles(desired, settings, settings.runDirectory)) files.set(path, text);
  return files.set(paths.structure, renderStructure(desired, settings, hash));
}

/** What the `bind` lines of listeners that verify clients name, by path. */
export function renderAuthorityFiles(
  { clientAuthorities }: Desired,
  settings: Settings,
  directory: string,
): ReadonlyMap<string, string> {
  if (listClientCertificates(settings).length === 0) return new Map();
  return new Map([[noCertificatesPath(directory), ''], ...renderAuthorityCopies(clientAuthorities, directory)]);
}

/** The hash names all of it, so it is the same text for as long as only endpoints change. */
function renderStructure(desired: Desired, settings: Settings, hash: string): string {
  const known = structures.get(settings);
  if (known?.hash === hash) return known.text;
  const text = renderMap(describeStructure(desired, settings, hash));
  structures.set(settings, { hash, text });
  return text;
}

const structures = new WeakMap<Settings, { readonly hash: string; readonly text: string }>();

const ownership = '# Made by Signalbox';

/** Whether a configuration came from here; the rest of it may have been edited since. */
export function isOwnConfig(text: string): boolean {
  return text.startsWith(ownership);
}

/**
 * What takes services that nobody knows yet. The process itself decides which it needs, so that the file is the same for all: from 3.4 on
 * backends can be added, and need something to take their settings from; before, they have to be there.
 */
function renderReserve({ backends }: Desired, settings: Settings): readonly string[] {
  const profiles = listProfiles(backends).filter(({ lines }) => lines.length > 0);
  const spares = listSpares(backends, settings.spareBackends);
  return [
    ...under(
      '.if version_atleast(3.4)',
      profiles.map((profile) => renderProfile(profile, settings)),
    ),
    ...under('.if !version_atleast(3.4)', spares.map(renderSpare)),
  ];
}

function under(condition: string, texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : [`${condition}\n`, ...texts, '.endif\n'];
}

function joinTexts(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n');
}
