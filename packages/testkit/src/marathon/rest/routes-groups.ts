import type { App } from '../cluster/app.ts';
import type { Json } from '../dialects/shared/json.ts';
import { answerJson, answerMessage, type RestAnswer, type RestRequest } from './answer.ts';
import { type Embed, parseEmbed, toAppInfo } from './embed.ts';
import type { RestContext } from './rest-context.ts';

interface GroupParts {
  readonly apps: boolean;
  readonly groups: boolean;
  readonly pods: boolean;
  readonly embed: Embed;
}

/** `GET /v2/groups[/{id}]`: the tree of groups that the ids of the apps make; with any `embed`, only the parts that are named. */
export function answerGroups(context: RestContext, request: RestRequest): RestAnswer {
  const { http } = context.dialect;
  const embeds = http.embedsInGroups ? request.query.getAll('embed') : [];
  const has = (name: string) => embeds.length === 0 || embeds.some((value) => value.startsWith(`group.${name}`));
  const parts: GroupParts = {
    apps: has('apps'),
    groups: has('groups'),
    pods: http.pods && has('pods'),
    embed: parseEmbed(http, embeds),
  };
  const groupId = request.path.slice('/v2/groups'.length) || '/';
  const apps = [...context.cluster.apps.values()];
  if (groupId !== '/' && !apps.some((app) => app.spec.id.startsWith(`${groupId}/`))) {
    return answerMessage(404, `Group '${groupId}' does not exist`);
  }
  return answerJson(200, toGroup(context, groupId, apps, parts));
}

function toGroup(context: RestContext, groupId: string, apps: readonly App[], parts: GroupParts): Json {
  const start = groupId === '/' ? '/' : `${groupId}/`;
  const below = apps.filter((app) => app.spec.id.startsWith(start));
  const isDirect = (app: App) => !app.spec.id.slice(start.length).includes('/');
  const children = new Set(
    below.filter((app) => !isDirect(app)).map((app) => start + app.spec.id.slice(start.length).split('/')[0]),
  );
  const version = below.map((app) => app.spec.version).sort();
  return {
    id: groupId,
    ...(parts.apps ? { apps: below.filter(isDirect).map((app) => toMember(context, app, parts.embed)) } : {}),
    ...(parts.pods ? { pods: [] } : {}),
    ...(parts.groups ? { groups: [...children].sort().map((child) => toGroup(context, child, below, parts)) } : {}),
    dependencies: [],
    version: version.at(-1) ?? new Date(0).toISOString(),
    ...context.dialect.json.groupFields,
  };
}

function toMember(context: RestContext, app: App, embed: Embed): Json {
  return Object.values(embed).includes(true) ? toAppInfo(context, app, embed) : context.dialect.json.toApp(app.spec);
}
