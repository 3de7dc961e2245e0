/** Every code with its meaning. A code is never renamed or used again for something else; the documentation is made from this table. */
export const errorCodes = {
  CONFIG_INVALID: 'The configuration does not fit its schema. Every issue is listed with its place.',
  CONFIG_UNREADABLE: 'A configuration file, or a file that it names, cannot be read.',
  PLUGIN_NOT_FOUND: 'No package or module has this plugin.',
  PLUGIN_INVALID: 'A module was found, but it does not export a plugin that this version understands.',
  PLUGIN_CONTRACT: 'A plugin broke its contract, for example by yielding two services with one id.',
  PIPELINE_REUSED: 'A pipeline object was started a second time; make another.',
  PLUGIN_FAILED: 'A plugin threw something of its own; it is kept as the cause.',
  SOURCE_UNREACHABLE: 'The upstream of a source does not answer.',
  SOURCE_UNAUTHORIZED: 'The upstream refuses the credentials.',
  SOURCE_NOT_FOUND: 'The upstream answers, but it is not the system that the source expects.',
  SOURCE_BAD_RESPONSE:
    'The upstream answered with something that cannot be understood. It is not taken for "no services".',
  SOURCE_TIMEOUT: 'The upstream did not answer in time, or its event stream fell silent.',
  SOURCE_ENDED: 'The watch of a source ended although nobody asked it to.',
  SINK_UNREACHABLE: 'The target of a sink (a socket, a file system) cannot be reached.',
  SINK_REFUSED: 'The target refuses access, for example for lack of rights or because another owner holds it.',
  SINK_CHECK_FAILED: "The proxy's own check refused the candidate; nothing was changed.",
  SINK_RELOAD_FAILED: 'The proxy did not take the new configuration.',
  SINK_ROLLED_BACK: 'The proxy did not take the new configuration; the last good one is in force again.',
  SINK_APPLY_FAILED: 'A change was not accepted, or was not seen when it was read back.',
  SINK_TARGET_CHANGED: 'The target changed between plan and apply; a new plan is needed.',
  ADMIN_REFUSED: 'The address of the admin endpoint cannot be listened on.',
  STATE_UNUSABLE: 'A file in the state directory cannot be read or written.',
} as const;

export type ErrorCode = keyof typeof errorCodes;
