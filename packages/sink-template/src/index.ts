export type { TemplateData, TemplateEndpoint, TemplateService } from './data/template-data.ts';
export type { TemplateFileOptions, TemplateOptions } from './options.ts';
export { template, template as default } from './template.ts';
