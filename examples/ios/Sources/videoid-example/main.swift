import Foundation
import VideoID

do {
    try await Story(arguments: Arguments(Array(CommandLine.arguments.dropFirst()))).tell()
} catch let error as Arguments.Usage {
    Output.say([("event", .text("error")), ("code", .text("usage")), ("text", .text(error.text))])
    exit(1)
} catch let error as VideoIDError {
    Output.say([("event", .text("error")), ("code", .text(error.code)), ("text", .text(error.localizedDescription))])
    exit(1)
}
