import {
  GetProgramDependenciesResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import { createHandler } from "./serve-plugin.js";

/** What a language host of the tests answers before it runs a program: it has no version and requires no plugin. */
export const languageAnswers = {
  handshake: createHandler(() => new LanguageHandshakeResponse()),
  getPluginInfo: createHandler(() => new PluginInfo().setVersion("0.0.0")),
  getRequiredPlugins: createHandler(() => new GetRequiredPluginsResponse()),
  getRequiredPackages: createHandler(() => new GetRequiredPackagesResponse()),
  getProgramDependencies: createHandler(() => new GetProgramDependenciesResponse()),
};
