import CollectorKit
import ConfigurationFile
import HTTPTransport

/// Sends the GraphQL requests and tells what a failed answer stands for.
struct SamespaceClient: Sendable {
  let apiKey: Secret

  /// Sends a body; an answer outside 2xx is a failure already.
  func send(
    _ body: [UInt8],
    _ endpoint: String,
    _ context: CollectionContext
  ) async throws -> HTTPClientResponse {
    try await context.client.post(
      SamespaceRequests.path,
      body,
      key: ("x-api-key", apiKey),
      endpoint: endpoint
    )
  }

  /// Sends a body and decodes the answer, which may hold data, errors or both.
  func ask<Payload: Decodable & Sendable>(
    _ payload: Payload.Type,
    _ body: [UInt8],
    _ endpoint: String,
    _ context: CollectionContext
  ) async throws -> (SamespaceAnswer<Payload>, HTTPClientResponse) {
    let response = try await send(body, endpoint, context)
    let answer = try PayloadDecoder.decode(
      SamespaceAnswer<Payload>.self,
      from: response,
      endpoint: endpoint
    )
    guard answer.data != nil || answer.complaint != nil else {
      throw context.client.refusal(in: response, endpoint: endpoint)
        ?? CollectionError(
          .decode,
          endpoint: endpoint,
          "the answer has neither \"data\" nor \"errors\"; check that the target's url is that of a "
            + "Samespace cluster"
        )
    }
    return (answer, response)
  }

  /// Sends a body and decodes the rows of its subject.
  func table(
    of subject: SamespaceRequests.Subject,
    _ body: [UInt8],
    _ context: CollectionContext
  ) async throws -> RowTable {
    let endpoint = subject.endpoint
    let response = try await send(body, endpoint, context)
    var table: RowTable?
    var failure: CollectionError?
    do {
      table = try RowTable.decode(
        from: response,
        .below(["data", subject.field]),
        endpoint: endpoint
      )
    } catch {
      failure = error
    }
    // Only an answer that may speak of a failure, or says nothing at all, is looked at twice.
    if let table, table.rowCount > 0, !table.members.contains("errors") { return table }
    let answer = try? PayloadDecoder.decode(
      SamespaceAnswer<Presence>.self,
      from: response,
      endpoint: endpoint
    )
    if let complaint = answer?.complaint {
      throw SamespaceClient.failure(complaint, response, endpoint, context)
    }
    if let failure {
      throw context.client.refusal(in: response, endpoint: endpoint) ?? failure
    }
    guard let table, answer?.data?.isThere ?? false else {
      throw context.client.refusal(in: response, endpoint: endpoint)
        ?? CollectionError(
          .vendorError,
          endpoint: endpoint,
          "there is no data for this id, or the API key may not read it; check the id, and that the "
            + "key is of type Analytics"
        )
    }
    return table
  }

  /// What a complaint in an answer with 200 stands for.
  static func failure(
    _ complaint: String,
    _ response: HTTPClientResponse,
    _ endpoint: String,
    _ context: CollectionContext
  ) -> CollectionError {
    context.client.refusal(in: response, endpoint: endpoint, saying: complaint)
      ?? CollectionError(.vendorError, endpoint: endpoint, complaint)
  }

  /// Whether any member of `data` is more than null.
  private struct Presence: Decodable {
    let isThere: Bool

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      isThere = try container.allKeys.contains { try !container.decodeNil(forKey: $0) }
    }
  }
}
