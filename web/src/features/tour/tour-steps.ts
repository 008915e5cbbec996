/** A step: what it stands beside (`data-tour` of an element of the shell), and what it says. */
export type TourStep = { anchor: string; title: string; text: string };

/** Five things that make the rest findable. */
export const TOUR_STEPS: readonly TourStep[] = [
  {
    anchor: 'overview',
    title: 'See everything at once',
    text: 'The overview shows what flows from which source to which destination, how much, and what is not well.',
  },
  {
    anchor: 'sources',
    title: 'Events come in by sources',
    text: 'Add one for each website, app or server. Its install page has the code with your own key, and turns green at the first event.',
  },
  {
    anchor: 'destinations',
    title: 'Destinations get them',
    text: 'Connect a tool, choose what it gets, and try it with an event of yours before anything is sent.',
  },
  {
    anchor: 'health',
    title: 'What fails stands in one place',
    text: 'Health says what is failing, since when and why. From each error you come to the very payload and answer, and can send it again.',
  },
  {
    anchor: 'search',
    title: 'Find anything with Ctrl K',
    text: 'Sources, people, pages, or an event: paste its message id, and its whole way through Tributary opens.',
  },
];
