/** The least configuration that is valid but for the PCGs. */
export const good = {
  "palette:target": "4.7.20",
  "palette:matrix": "palette-kubernetes-4.7.20",
  "palette:clusterIdentifier": "palette-dev",
};

/** A tenant that is watched through the Palette API. */
export const watched = {
  "palette:site": '{"apiUrl":"https://p.example"}',
  "palette:tenants": '[{"name":"a","pcgs":["p"]}]',
  "palette:secrets": '{"apiKeys":{"a":"k"}}',
};
