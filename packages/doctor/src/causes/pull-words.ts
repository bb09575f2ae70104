/**
 * A message family of pulling an image: the words count only behind the phrase by which the kubelet, containerd, CRI-O,
 * Docker or skopeo says that it was pulling, because an application's own log may hold the same words about another host.
 */
export function duringPull(words: string): RegExp {
  const beginnings = [
    `(?:pull|pulling|inspect|unpack) image "(?<about>[^"]+)"`,
    'Error response from daemon',
    'initializing source',
    'failed to resolve (?:reference|image)',
    'trying to reuse blob',
    'writing blob',
    'failed to copy: ',
    'trying next host',
  ];
  return new RegExp(`(?:${beginnings.join('|')})[\\s\\S]*?(?:${words})`, 'i');
}

/** Words that name the cause by themselves, with the image where it stands before them. */
export function imageWords(words: string): RegExp {
  return new RegExp(`(?:image "(?<about>[^"]+)"[\\s\\S]*?)?(?:${words})`, 'i');
}
