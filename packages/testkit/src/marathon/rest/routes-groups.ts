import type { App } from '../cluster/app.ts';
import type { PodDialect } from '../dialects/dialect.ts';
import type { Json } from '../dialects/shared/json.ts';
import { answerJson, answerMessage, type RestAnswer, type RestRequest } from './answer.ts';
import { type Embed, parseEmbed, toAppInfo } from './embed.ts';
import type { RestContext } from './rest-context.ts';
import { toPodInfo } from './routes-pods.ts';

interface GroupParts {
  readonly apps: boolean;
  readonly groups: boolean;
  /** How pods are printed, if they are. */
  readonly pods: PodDialect | undefined;
  readonly embed: Embed;
}

/** `GET /v2/groups[/{id}]`: the tree of groups that the ids of apps and pods make; with any `embed`, only the parts that are named. */
export function answerGroups(context: RestContext, request: RestRequest): RestAnswer {
  const { http, pods } = context.dialect;
  const embeds = http.embedsInGroups ? request.query.getAll('embed') : [];
  const has = (name: string) => embeds.length === 0 || embeds.some((value) => value.startsWith(`group.${name}`));
  const parts: GroupParts = {
    apps: has('apps'),
    groups: has('groups'),
    pods: has('pods') ? pods : undefined,
    embed: parseEmbed(http, embeds),
  };
  const groupId = request.path.slice('/v2/groups'.length) || '/';
  const members = [...context.cluster.apps.values()];
  if (groupId !== '/' && !members.some(({ spec }) => spec.id.startsWith(`${groupId}/`))) {
    return answerMessage(404, `Group '${groupId}' does not exist`);
  }
  return answerJson(200, toGroup(context, groupId, members, parts));
}

function toGroup(context: RestContext, groupId: string, members: readonly App[], parts: GroupParts): Json {
  const start = groupId === '/' ? '/' : `${groupId}/`;
  const below = members.filter(({ spec }) => spec.id.startsWith(start));
  const isDirect = ({ spec }: App) => !spec.id.slice(start.length).includes('/');
  const children = new Set(
    below.filter((member) => !isDirect(member)).map(({ spec }) => start + spec.id.slice(start.length).split('/')[0]),
  );
  const apps = below.filter((member) => isDirect(member) && member.spec.pod === undefined);
  const podMembers = below.filter((member) => isDirect(member) && member.spec.pod !== undefined);
  const { pods } = parts;
  const versions = below.map(({ spec }) => spec.version).sort();
  return {
    id: groupId,
    ...(parts.apps ? { apps: apps.map((app) => toMember(context, app, parts.embed)) } : {}),
    ...(pods === undefined ? {} : { pods: podMembers.map((pod) => toPodInfo(context, pods, pod)) }),
    ...(parts.groups ? { groups: [...children].sort().map((child) => toGroup(context, child, below, parts)) } : {}),
    dependencies: [],
    version: versions.at(-1) ?? new Date(0).toISOString(),
    ...context.dialect.json.groupFields,
  };
}

function toMember(context: RestContext, app: App, embed: Embed): Json {
  return Object.values(embed).includes(true) ? toAppInfo(context, app, embed) : context.dialect.json.toApp(app.spec);
}
